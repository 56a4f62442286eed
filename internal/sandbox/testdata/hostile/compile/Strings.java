// Constants that double and double.
class Strings {
    static final String A = "xxxxxxxxxxxxxxxx", B = A + A + A + A + A + A + A + A, C = B + B + B + B + B + B + B + B, D = C + C + C + C + C + C + C + C;
    static final String E = D + D + D + D + D + D + D + D, F = E + E + E + E + E + E + E + E;

    public static void main(String[] args) { System.out.println(F.length()); }
}
