// Asks the compiler to run its own annotation processor; the file beside names this class.
import java.util.Set;
import javax.annotation.processing.*;
import javax.lang.model.element.TypeElement;

public class Processor extends AbstractProcessor {
    static { System.out.println("ran"); }

    @Override public boolean process(Set<? extends TypeElement> a, RoundEnvironment r) { throw new Error("ESCAPED: ran in the compiler"); }

    public static void main(String[] args) { }
}
