package acervo.server;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The signals by which a person or the system stops a server, while it runs. The first one is told to the server,
/// which then ends by itself, in order and with status 0; a second one ends the process at once, with 128 and the
/// signal's number.
///
/// Left to itself the JVM would give the signal's status to the most orderly stop, and would not hear a second signal.
///
/// Closing gives the signals back to whoever had them. Any thread.
final class Signals implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("acervo.server");
    private static final List<String> NAMES = List.of("TERM", "INT", "HUP");

    /// Signals, and who was to be told before. Of a class that the compiler warns of whoever names it.
    private final Map<Object, Object> before = new LinkedHashMap<>();

    private final AtomicBoolean heard = new AtomicBoolean();
    private final Runnable stop;

    private Signals(Runnable stop) {
        this.stop = stop;
    }

    /// Has `stop` told, in a thread of its own. A signal that can't be had (`java -Xrs`) goes on as before.
    static Signals tell(Runnable stop) {
        Signals signals = new Signals(stop);
        for (String name : NAMES) {
            try {
                signals.take(name);
            } catch (ReflectiveOperationException | IllegalArgumentException e) {
                LOG.debug("the signal {} can't be had", name, e);
            }
        }
        return signals;
    }

    private void take(String name) throws ReflectiveOperationException {
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        InvocationHandler hears = (self, method, arguments) -> {
            if (!method.getName().equals("handle")) {
                throw new UnsupportedOperationException(method.getName());
            }
            hear((Integer) arguments[0].getClass().getMethod("getNumber").invoke(arguments[0]));
            return null;
        };
        Object signal =
                Class.forName("sun.misc.Signal").getConstructor(String.class).newInstance(name);
        Object own = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, hears);
        before.put(signal, handle(signal, own));
    }

    private static Object handle(Object signal, Object handler) throws ReflectiveOperationException {
        try {
            return signal.getClass()
                    .getMethod("handle", signal.getClass(), Class.forName("sun.misc.SignalHandler"))
                    .invoke(null, signal, handler);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException("the signal " + signal + " is not to be had", e.getCause());
        }
    }

    private void hear(int number) {
        if (heard.getAndSet(true)) {
            Runtime.getRuntime().halt(128 + number);
        }
        stop.run();
    }

    @Override
    public void close() {
        before.forEach((signal, handler) -> {
            try {
                handle(signal, handler);
            } catch (ReflectiveOperationException | IllegalArgumentException e) {
                LOG.debug("the signal {} can't be given back", signal, e);
            }
        });
    }
}
