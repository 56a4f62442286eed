# Connects to the host's port with what the shell has.
read -r port
(exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && echo "ESCAPED: connected"
(exec 3<>"/dev/udp/127.0.0.1/$port" && echo x >&3) 2>/dev/null && echo "ESCAPED: sent"
echo held
