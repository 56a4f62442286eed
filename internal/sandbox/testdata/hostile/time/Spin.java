// Computes for ever, also when asked to shut down.
class Spin {
    static volatile long i;

    public static void main(String[] args) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> { while (true) i++; }));
        while (true) i++;
    }
}
