// Recursion without end is an error of the program, not of its memory.
class Main {
    static int f(int n) { return f(n + 1) + 1; }
    public static void main(String[] a) { System.out.println(f(0)); }
}
