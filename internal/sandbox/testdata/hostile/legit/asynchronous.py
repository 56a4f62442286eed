# An event loop with tasks, a time limit, a command, a thread, and a server on a socket of its own.
import asyncio


async def serve(reader, writer):
    writer.write((await reader.readline()).upper())
    await writer.drain()
    writer.close()


async def main():
    print(await asyncio.gather(*(asyncio.sleep(0.01 * i, i) for i in range(3))))
    try:
        await asyncio.wait_for(asyncio.sleep(9), 0.02)
    except asyncio.TimeoutError:
        print("in time")
    process = await asyncio.create_subprocess_exec("cat", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
    print((await process.communicate(b"through cat"))[0])
    print(await asyncio.to_thread(sum, [1, 2]))
    server = await asyncio.start_unix_server(serve, "/tmp/socket")
    reader, writer = await asyncio.open_unix_connection("/tmp/socket")
    writer.write(b"hello\n")
    print(await reader.readline())
    server.close()


asyncio.run(main())
