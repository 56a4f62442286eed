# Main ends, a thread that is no daemon does not.
import threading, time

threading.Thread(target=time.sleep, args=(60,)).start()
print("main is over", flush=True)
