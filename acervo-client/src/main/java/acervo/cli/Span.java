package acervo.cli;

import acervo.model.Interest;

/// How long, as a person writes it: `90s`, `10m`, `12h`, `7d`; a bare number is seconds.
final class Span {
    private Span() {}

    /// @return milliseconds, 1 to [Interest#MOST_MILLIS]
    /// @throws UsageException when it can't be understood, or is longer
    static long millis(String text) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        long unit = switch (text.substring(digits)) {
            case "", "s" -> 1_000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            case "d" -> 86_400_000;
            default -> 0;
        };
        if (digits == 0 || digits > 9 || unit == 0) {
            throw new UsageException("usage.span", text);
        }
        long millis = Long.parseLong(text.substring(0, digits)) * unit;
        if (millis == 0 || millis > Interest.MOST_MILLIS) {
            throw new UsageException("usage.span", text);
        }
        return millis;
    }
}
