package acervo.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/// A wire between clients and a server that counts what crosses it, and that can be cut and mended.
final class CuttingProxy implements AutoCloseable {
    private final ServerSocket door;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong up = new AtomicLong();
    private final AtomicLong down = new AtomicLong();
    private volatile CountDownLatch cut = new CountDownLatch(1);
    private volatile long cutAfterUp = Long.MAX_VALUE;
    private volatile long cutAfterDown = Long.MAX_VALUE;

    CuttingProxy(int target) throws IOException {
        this.target = target;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String address() {
        return "127.0.0.1:" + door.getLocalPort();
    }

    /// Cuts the wire when that many more bytes have gone up.
    void cutAfterUp(long bytes) {
        cutAfterUp = up.get() + bytes;
    }

    /// Cuts the wire when that many more bytes have come down.
    void cutAfterDown(long bytes) {
        cutAfterDown = down.get() + bytes;
    }

    /// Waits until it is cut.
    void awaitCut() throws InterruptedException {
        cut.await();
    }

    /// Lets connections through again and counts from zero.
    void mend() {
        cutAfterUp = Long.MAX_VALUE;
        cutAfterDown = Long.MAX_VALUE;
        up.set(0);
        down.set(0);
        cut = new CountDownLatch(1);
    }

    long up() {
        return up.get();
    }

    long down() {
        return down.get();
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket near = door.accept();
                if (cut.getCount() == 0) {
                    near.close();
                    continue;
                }
                Socket far;
                try {
                    far = new Socket(InetAddress.getLoopbackAddress(), target);
                } catch (IOException e) {
                    near.close();
                    continue;
                }
                open.add(near);
                open.add(far);
                Thread.ofVirtual().start(() -> pump(near, far, up, true));
                Thread.ofVirtual().start(() -> pump(far, near, down, false));
            } catch (IOException e) {
                // The door was closed.
            }
        }
    }

    private void pump(Socket from, Socket to, AtomicLong count, boolean upwards) {
        byte[] block = new byte[1 << 16];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n; (n = in.read(block)) >= 0; ) {
                long left = (upwards ? cutAfterUp : cutAfterDown) - count.get();
                count.addAndGet(n);
                out.write(block, 0, Math.clamp(left, 0, n));
                if (n >= left) {
                    cutNow();
                    return;
                }
            }
            to.shutdownOutput();
        } catch (IOException e) {
            closeQuietly(from);
            closeQuietly(to);
        }
    }

    private void cutNow() {
        open.forEach(CuttingProxy::closeQuietly);
        open.clear();
        cut.countDown();
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        cutNow();
    }
}
