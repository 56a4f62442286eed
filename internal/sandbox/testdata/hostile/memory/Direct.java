// Takes memory outside the heap that the machine is told to keep to.
import java.nio.ByteBuffer;
import java.util.ArrayList;

public class Direct {
    public static void main(String[] args) {
        ArrayList<ByteBuffer> all = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            ByteBuffer b = ByteBuffer.allocateDirect(1 << 20);
            for (int k = 0; k < b.capacity(); k += 4096) b.put(k, (byte) 1);
            all.add(b);
        }
        System.out.println("ESCAPED: 600 MiB");
    }
}
