// Connects to the host's port.
import java.net.*;
import java.util.Scanner;

public class Tcp {
    public static void main(String[] args) {
        int port = new Scanner(System.in).nextInt();
        for (String host : new String[] {"127.0.0.1", "::1", "0.0.0.0"}) {
            try (Socket s = new Socket()) {
                s.connect(new InetSocketAddress(host, port), 200);
                System.out.println("ESCAPED: connected");
            } catch (Exception e) {
                // held
            }
        }
        System.out.println("held");
    }
}
