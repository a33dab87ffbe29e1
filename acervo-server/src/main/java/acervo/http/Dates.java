package acervo.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The dates of HTTP: `Sat, 21 Nov 2026 10:01:45 GMT`. Written by hand, since every answer has two of them and the
/// general formatter takes
/// longer than all else that is done for a small file.
final class Dates {
    private static final DateTimeFormatter FORM = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);
    private static final String[] DAYS = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };
    private static final int DAY_SECONDS = 86_400;

    private static volatile Now now = new Now(0, format(0));

    private Dates() {}

    /// A second and how it is written.
    private record Now(long second, String text) {}

    static String format(long epochSecond) {
        long days = Math.floorDiv(epochSecond, (long) DAY_SECONDS);
        int second = (int) Math.floorMod(epochSecond, (long) DAY_SECONDS);
        LocalDate date = LocalDate.ofEpochDay(days);
        StringBuilder text = new StringBuilder(29);
        text.append(DAYS[(int) Math.floorMod(days, 7L)]).append(", ");
        two(text, date.getDayOfMonth()).append(' ');
        text.append(MONTHS[date.getMonthValue() - 1]).append(' ');
        int year = date.getYear();
        two(two(text, year / 100), year % 100).append(' ');
        two(text, second / 3600).append(':');
        two(text, second / 60 % 60).append(':');
        return two(text, second % 60).append(" GMT").toString();
    }

    private static StringBuilder two(StringBuilder text, int number) {
        return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    /// This second; written once for all answers of it.
    static String now() {
        long second = System.currentTimeMillis() / 1000;
        Now last = now;
        if (last.second != second) {
            last = new Now(second, format(second));
            now = last;
        }
        return last.text;
    }

    /// Reads one; null for anything else.
    static @Nullable Instant parse(@Nullable String field) {
        if (field == null) {
            return null;
        }
        try {
            return Instant.from(FORM.parse(field.strip()));
        } catch (DateTimeException _) {
            return null;
        }
    }
}
