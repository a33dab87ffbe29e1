package acervo.server;

import acervo.http.JsonText;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The log: events and, when asked for, accesses; one line each, for people or as JSON.
///
/// Verbosity 0: what a person should know. 1: also every request, without names of files. 2: also why, and names of
/// files. 3: also
/// the libraries.
final class Logs implements AutoCloseable {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final LogOutput output;
    /// Held, because the log manager forgets the levels of loggers that nobody holds.
    private final List<Logger> loggers;

    private Logs(LogOutput output, List<Logger> loggers) {
        this.output = output;
        this.loggers = loggers;
    }

    /// Takes over the process's log.
    static Logs to(PrintStream out, boolean json, int verbosity) {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        for (Handler other : root.getHandlers()) {
            root.removeHandler(other);
        }
        LogOutput output = new LogOutput(out, json ? new JsonLines() : new TextLines());
        output.setLevel(Level.ALL);
        root.addHandler(output);
        root.setLevel(verbosity >= 3 ? Level.INFO : Level.WARNING);
        Logger ours = Logger.getLogger("acervo");
        ours.setLevel(verbosity >= 2 ? Level.FINE : Level.INFO);
        Logger access = Logger.getLogger("acervo.access");
        access.setLevel(verbosity >= 2 ? Level.FINE : verbosity == 1 ? Level.INFO : Level.WARNING);
        KeptLogs.keep();
        return new Logs(output, List.of(root, ours, access));
    }

    @Override
    public void close() {
        loggers.getFirst().removeHandler(output);
        output.close();
    }

    private static String level(Level level) {
        if (level.intValue() >= Level.SEVERE.intValue()) {
            return "ERROR";
        }
        if (level.intValue() >= Level.WARNING.intValue()) {
            return "WARN";
        }
        return level.intValue() >= Level.INFO.intValue() ? "INFO" : "DEBUG";
    }

    private static String trace(@Nullable Throwable thrown) {
        if (thrown == null) {
            return "";
        }
        StringWriter text = new StringWriter();
        PrintWriter to = new PrintWriter(text);
        thrown.printStackTrace(to);
        to.flush();
        return text.toString();
    }

    /// `2026-11-21T09:55:12.123Z INFO  acervo.server: text`
    private static final class TextLines extends Formatter {
        @Override
        public String format(LogRecord logged) {
            StringBuilder line = new StringBuilder(160);
            TIME.formatTo(logged.getInstant(), line);
            String level = level(logged.getLevel());
            line.append(' ').append(level).append(" ".repeat(6 - level.length()));
            line.append(logged.getLoggerName()).append(": ");
            // A line stays one line: nobody can forge the next one.
            line.append(formatMessage(logged).replace("\n", "\\n").replace("\r", "\\r"))
                    .append('\n');
            return line.append(trace(logged.getThrown())).toString();
        }
    }

    /// `{"time":…,"level":…,"logger":…,"message":…}`
    private static final class JsonLines extends Formatter {
        @Override
        public String format(LogRecord logged) {
            StringBuilder line = new StringBuilder(200);
            line.append("{\"time\":\"").append(time(logged.getInstant())).append("\",\"level\":\"");
            line.append(level(logged.getLevel())).append("\",\"logger\":");
            JsonText.string(line, logged.getLoggerName());
            line.append(",\"message\":");
            JsonText.string(line, formatMessage(logged));
            String trace = trace(logged.getThrown());
            if (!trace.isEmpty()) {
                line.append(",\"thrown\":");
                JsonText.string(line, trace);
            }
            return line.append("}\n").toString();
        }

        private static String time(Instant at) {
            return TIME.format(at);
        }
    }
}
