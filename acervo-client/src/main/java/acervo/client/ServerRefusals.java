package acervo.client;

import acervo.model.Reason;
import acervo.model.Refusal;
import acervo.wire.v1.Error;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the refusals of a server, also those of one that is newer than this client.
public final class ServerRefusals {
    private ServerRefusals() {}

    /// Reads Connect's JSON; what is no such thing becomes a refusal with the status and the text.
    static Refusal read(int status, String body) {
        Object json;
        try {
            json = Json.parse(body);
        } catch (IllegalArgumentException _) {
            json = Map.of();
        }
        if (!(json instanceof Map<?, ?> fields) || !(fields.get("code") instanceof String code)) {
            String text = acervo.model.FilePath.printable(body.strip());
            return new Refusal(generic(codeOf(status)), "HTTP " + status + (text.isEmpty() ? "" : ": " + text));
        }
        return refusal(fields, code, "HTTP " + status + " " + code);
    }

    /// Reads the end of a stream; null when all went well.
    static @Nullable Refusal readEnd(String body) {
        Object json;
        try {
            json = Json.parse(body);
        } catch (IllegalArgumentException _) {
            json = Map.of("error", body);
        }
        Object error = json instanceof Map<?, ?> fields ? fields.get("error") : body;
        if (error == null) {
            return null;
        }
        return error instanceof Map<?, ?> fields && fields.get("code") instanceof String code
                ? refusal(fields, code, code)
                : new Refusal(generic("unknown"), acervo.model.FilePath.printable(body.strip()));
    }

    private static Refusal refusal(Map<?, ?> fields, String code, String otherwise) {
        List<String> arguments = new ArrayList<>();
        if (fields.get("arguments") instanceof List<?> list) {
            list.forEach(a -> arguments.add(String.valueOf(a)));
        }
        Object message = fields.get("message");
        Object reason = fields.get("reason");
        return refusal(
                code,
                reason instanceof String r ? r : "",
                arguments,
                message instanceof String m && !m.isEmpty() ? m : otherwise);
    }

    /// Reads one item's refusal.
    public static Refusal of(Error error) {
        return refusal(error.getCode(), error.getReason(), error.getArgumentsList(), error.getMessage());
    }

    private static Refusal refusal(String code, String reason, List<String> arguments, String message) {
        for (Reason known : Reason.values()) {
            if (known.name().equals(reason)) {
                return new Refusal(known, arguments);
            }
        }
        return new Refusal(generic(code), message);
    }

    /// A reason whose sentence is just its argument, with the right consequences.
    private static Reason generic(String code) {
        return switch (code) {
            case "unauthenticated" -> Reason.UNAUTHENTICATED;
            case "unavailable" -> Reason.UNAVAILABLE;
            case "data_loss", "internal", "unknown" -> Reason.CORRUPT;
            default -> Reason.ARGUMENT_INVALID;
        };
    }

    private static String codeOf(int status) {
        return switch (status) {
            case 401 -> "unauthenticated";
            case 408, 429, 502, 503, 504 -> "unavailable";
            default -> "invalid_argument";
        };
    }
}
