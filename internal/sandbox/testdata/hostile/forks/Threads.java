// Starts threads until the system refuses.
public class Threads {
    public static void main(String[] args) {
        int n = 0;
        try {
            for (; n < 1000; n++) {
                Thread t = new Thread(null, () -> { try { Thread.sleep(60000); } catch (InterruptedException e) { } }, "t", 64 << 10);
                t.setDaemon(true);
                t.start();
            }
        } catch (OutOfMemoryError e) {
            // refused
        }
        System.out.println(n > 500 ? "ESCAPED: 500 threads" : "held");
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }
}
