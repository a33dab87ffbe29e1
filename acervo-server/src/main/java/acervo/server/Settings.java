package acervo.server;

import acervo.blob.DiskSettings;
import acervo.depot.DepotSettings;
import acervo.model.ServerProgram;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What `--set NAME=VALUE` may say. Sizes are in bytes, times end in `s`, `m`, `h` or `d`; `docs/operate.md` explains
/// each.
///
/// @param verbosity 0 to 3
record Settings(DiskSettings disk, DepotSettings depot, int verbosity) {
    private static final Set<String> NAMES =
            new TreeSet<>(Set.of("log", "reserve", "grace", "history", "upload-expiry", "verify-pass", "verify-rate"));

    static Settings of(ServerProgram.Options options) throws StartException {
        Map<String, String> given = options.settings();
        for (String name : given.keySet()) {
            if (!NAMES.contains(name)) {
                throw new StartException("setting.unknown", name);
            }
        }
        DepotSettings usual = DepotSettings.DEFAULTS;
        DepotSettings depot = new DepotSettings(
                options.cacheBytes(),
                duration(given, "grace", usual.grace()),
                duration(given, "history", usual.history()),
                duration(given, "upload-expiry", usual.uploadExpiry()),
                usual.uploadsPerClient(),
                usual.appendsPerClient(),
                usual.uploads(),
                duration(given, "verify-pass", usual.verifyPass()),
                number(given, "verify-rate", usual.verifyBytesPerSecond()));
        long reserve = number(given, "reserve", -1);
        DiskSettings disk =
                reserve < 0 ? DiskSettings.usual() : DiskSettings.usual().withReserve(reserve);
        return new Settings(disk, depot, Math.clamp(number(given, "log", options.verbosity()), 0, 3));
    }

    private static long number(Map<String, String> given, String name, long otherwise) throws StartException {
        String text = given.get(name);
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("[0-9]{1,18}")) {
            throw new StartException("setting.invalid", name, text);
        }
        return Long.parseLong(text);
    }

    private static Duration duration(Map<String, String> given, String name, Duration otherwise) throws StartException {
        String text = given.get(name);
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("[0-9]{1,9}[smhd]")) {
            throw new StartException("setting.invalid", name, text);
        }
        long n = Long.parseLong(text.substring(0, text.length() - 1));
        return switch (text.charAt(text.length() - 1)) {
            case 's' -> Duration.ofSeconds(n);
            case 'm' -> Duration.ofMinutes(n);
            case 'h' -> Duration.ofHours(n);
            default -> Duration.ofDays(n);
        };
    }
}
