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
        fits(options.cacheBytes(), Runtime.getRuntime().maxMemory());
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

    /// A cache that the heap can't hold would end the process, some time later.
    ///
    /// @param heap bytes
    static void fits(long cache, long heap) throws StartException {
        if (cache > heap / 3 * 2) {
            // As text: a number of an option has no thousands' mark.
            String mebibytes = Long.toString(cache >> 20);
            String needed = Long.toString(160 + (cache >> 20) * 3 / 2);
            throw new StartException("cache.large", mebibytes, needed, Long.toString(heap >> 20));
        }
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
