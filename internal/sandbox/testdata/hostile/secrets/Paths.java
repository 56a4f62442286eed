// Reads files of the host by name, through other roots.
import java.nio.file.*;
import java.util.Scanner;

class Paths {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        while (in.hasNextLine()) {
            String name = in.nextLine();
            for (String way : new String[] {name, "/proc/1/root" + name, "/tmp/../.." + name}) {
                try {
                    if (!name.isEmpty() && Files.size(Path.of(way)) > 0) System.out.println("ESCAPED: found a secret");
                } catch (Exception e) {
                    // held
                }
            }
        }
        System.out.println("held");
    }
}
