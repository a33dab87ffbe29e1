package acervo.cli;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;

/// Numbers as people read them.
final class Shown {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Shown() {}

    /// A size in binary units, such as `1.5 MiB`; with a comma in Portuguese.
    static String size(long bytes, Texts texts) {
        int unit = 0;
        double value = bytes;
        while (value >= 1023.95 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        if (unit == 0) {
            return bytes + " B";
        }
        long tenths = Math.round(value * 10);
        return tenths / 10 + texts.get("number.point") + tenths % 10 + " " + UNITS[unit];
    }

    /// A whole number with its thousands marked.
    static String count(long n, Texts texts) {
        StringBuilder digits = new StringBuilder(Long.toString(n));
        for (int i = digits.length() - 3; i > (n < 0 ? 1 : 0); i -= 3) {
            digits.insert(i, texts.get("number.thousands"));
        }
        return digits.toString();
    }

    /// A point in time as `2026-01-31 14:05`, in this machine's time zone; `-` for 0.
    static String time(long millis) {
        if (millis == 0) {
            return "-";
        }
        LocalDateTime t = LocalDateTime.ofInstant(Instant.ofEpochMilli(millis), ZoneId.systemDefault());
        return t.getYear() + "-" + two(t.getMonthValue()) + "-" + two(t.getDayOfMonth()) + " " + two(t.getHour()) + ":"
                + two(t.getMinute());
    }

    /// A duration as `1:05` or `2:03:04`.
    static String duration(long seconds) {
        long minutes = seconds / 60;
        return minutes < 60
                ? minutes + ":" + two((int) (seconds % 60))
                : minutes / 60 + ":" + two((int) (minutes % 60)) + ":" + two((int) (seconds % 60));
    }

    private static String two(int n) {
        return n < 10 ? "0" + n : String.valueOf(n);
    }
}
