package acervo.server;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/// What the server says to whoever started it, in their language.
final class Messages {
    private final ResourceBundle bundle;

    private Messages(ResourceBundle bundle) {
        this.bundle = bundle;
    }

    /// @param language as in `LANG`: `pt_BR.UTF-8`, `en`; English for any other
    static Messages in(String language) {
        Locale locale = language.regionMatches(true, 0, "pt", 0, 2) ? Locale.of("pt") : Locale.ROOT;
        return new Messages(ResourceBundle.getBundle(
                "acervo.server.Messages",
                locale,
                ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES)));
    }

    String text(String key, Object... arguments) {
        return new MessageFormat(bundle.getString(key), Locale.ROOT).format(arguments);
    }
}
