// Threads, a pool, a parallel stream, a temporary file, input by Scanner, a deep recursion.
import java.nio.file.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.stream.*;

public class Sane {
    static int depth(int n) { return n == 0 ? 0 : 1 + depth(n - 1); }

    public static void main(String[] args) throws Exception {
        Scanner in = new Scanner(System.in);
        int n = in.nextInt();
        ExecutorService pool = Executors.newFixedThreadPool(4);
        Future<Integer> deep = pool.submit(() -> depth(n));
        Path f = Files.createTempFile("a", "b");
        Files.writeString(f, "text");
        long sum = LongStream.rangeClosed(1, n).parallel().sum();
        System.out.println(deep.get() + " " + sum + " " + Files.readString(f));
        pool.shutdown();
        System.exit(5);
    }
}
