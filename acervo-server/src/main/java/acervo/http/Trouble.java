package acervo.http;

import acervo.blob.CorruptBlobException;
import acervo.blob.StoreException;
import acervo.blob.StoreFailedException;
import acervo.blob.StoreFullException;
import acervo.catalog.CatalogUnavailableException;
import acervo.model.Reason;
import acervo.model.Refusal;
import acervo.model.RefusedException;
import acervo.wire.v1.Error;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What went wrong, as it is told to a client: the one place where exceptions become answers, in every encoding.
///
/// @param status of HTTP
/// @param code of Connect and gRPC
/// @param message an English sentence
/// @param reason one of [Reason], or a name of the front door's own; what programs switch over
/// @param arguments fill the reason's sentence in any language
/// @param retrySeconds when to come back; 0 for no such word
record Trouble(int status, Code code, String message, String reason, List<String> arguments, int retrySeconds) {
    private static final Logger LOG = LoggerFactory.getLogger("acervo.http");

    /// The codes of gRPC and Connect, with the status that HTTP has for each.
    enum Code {
        CANCELED("canceled", 1, 499),
        INVALID_ARGUMENT("invalid_argument", 3, 400),
        DEADLINE_EXCEEDED("deadline_exceeded", 4, 408),
        NOT_FOUND("not_found", 5, 404),
        ALREADY_EXISTS("already_exists", 6, 409),
        PERMISSION_DENIED("permission_denied", 7, 403),
        RESOURCE_EXHAUSTED("resource_exhausted", 8, 429),
        FAILED_PRECONDITION("failed_precondition", 9, 400),
        ABORTED("aborted", 10, 409),
        OUT_OF_RANGE("out_of_range", 11, 400),
        UNIMPLEMENTED("unimplemented", 12, 404),
        INTERNAL("internal", 13, 500),
        UNAVAILABLE("unavailable", 14, 503),
        DATA_LOSS("data_loss", 15, 500),
        UNAUTHENTICATED("unauthenticated", 16, 401);

        final String text;
        final int grpc;
        final int status;

        Code(String text, int grpc, int status) {
            this.text = text;
            this.grpc = grpc;
            this.status = status;
        }

        static Code of(Reason reason) {
            return switch (reason.code()) {
                case "not_found" -> NOT_FOUND;
                case "already_exists" -> ALREADY_EXISTS;
                case "permission_denied" -> PERMISSION_DENIED;
                case "unauthenticated" -> UNAUTHENTICATED;
                case "aborted" -> ABORTED;
                case "failed_precondition" -> FAILED_PRECONDITION;
                case "invalid_argument" -> INVALID_ARGUMENT;
                case "resource_exhausted" -> RESOURCE_EXHAUSTED;
                case "data_loss" -> DATA_LOSS;
                case "unavailable" -> UNAVAILABLE;
                default -> throw new IllegalStateException("no code " + reason.code());
            };
        }
    }

    /// Carries a trouble that only HTTP knows (a method, a media type, a precondition) to where answers are made.
    /// Like a
    /// refusal it has no stack trace and is never logged as an error.
    static final class Met extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient Trouble trouble;

        Met(Trouble trouble) {
            super(trouble.message, null, false, false);
            this.trouble = trouble;
        }

        Trouble trouble() {
            return trouble;
        }
    }

    static Met met(int status, Code code, String reason, String message) {
        return new Met(new Trouble(status, code, message, reason, List.of(), 0));
    }

    static Trouble of(Refusal refusal) {
        Reason reason = refusal.reason();
        Code code = Code.of(reason);
        int status = switch (reason) {
            case OFFSET_MISMATCH -> 409;
            case NO_ROOM -> 507;
            case TOO_LARGE -> 413;
            default -> code.status;
        };
        int retry = switch (reason) {
            case TOO_MANY, UNAVAILABLE -> 1;
            default -> 0;
        };
        return new Trouble(status, code, refusal.toString(), reason.name(), refusal.arguments(), retry);
    }

    /// Maps what a handler threw. What is not the caller's doing is logged here, once; a bug under an id that the
    /// answer
    /// carries, so that the two can be brought together.
    ///
    /// @param doing what was being done, for the log; without names of files
    static Trouble of(Throwable thrown, String doing) {
        return switch (thrown) {
            case Met met -> met.trouble;
            case RefusedException refused -> of(refused.refusal());
            case BrokenBodyException broken -> {
                LOG.debug("{}: {}", doing, broken.getMessage());
                yield new Trouble(broken.status(), Code.CANCELED, said(broken), "BODY_BROKEN", List.of(), 0);
            }
            case StoreException store -> of(store, doing);
            case CatalogUnavailableException unavailable -> {
                LOG.warn("{}: the catalog is unavailable: {}", doing, unavailable.getMessage());
                yield of(new Refusal(Reason.UNAVAILABLE, said(unavailable)));
            }
            default -> {
                String id = UUID.randomUUID().toString();
                LOG.error("{}: error {}", doing, id, thrown);
                String message = "the server made a mistake; its log has more under " + id;
                yield new Trouble(500, Code.INTERNAL, message, "INTERNAL", List.of(id), 0);
            }
        };
    }

    private static Trouble of(StoreException store, String doing) {
        return switch (store) {
            case StoreFullException full -> of(new Refusal(Reason.NO_ROOM, full.freeBytes(), full.reserveBytes()));
            case CorruptBlobException corrupt -> {
                LOG.error("{}: {}", doing, corrupt.getMessage());
                yield of(new Refusal(Reason.CORRUPT, "a file"));
            }
            case StoreFailedException failed -> {
                LOG.error("{}: the store failed", doing, failed);
                yield new Trouble(
                        503,
                        Code.UNAVAILABLE,
                        "the server's disk failed: it takes no deposits until it is started again",
                        "STORE_FAILED",
                        List.of(),
                        0);
            }
            default -> throw new IllegalStateException("a store's trouble that is none of the three", store);
        };
    }

    private static String said(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null ? thrown.getClass().getSimpleName() : message;
    }

    /// The same with another status, where the answer depends on what was asked.
    Trouble as(int otherStatus) {
        return new Trouble(otherStatus, code, message, reason, arguments, retrySeconds);
    }

    Error toError() {
        return Error.newBuilder()
                .setCode(code.text)
                .setMessage(message)
                .setReason(reason)
                .addAllArguments(arguments)
                .build();
    }

    /// Connect's JSON form of an error.
    String toJson() {
        StringBuilder json = new StringBuilder(128);
        json.append("{\"code\":");
        JsonText.string(json, code.text);
        json.append(",\"message\":");
        JsonText.string(json, message);
        json.append(",\"reason\":");
        JsonText.string(json, reason);
        json.append(",\"arguments\":[");
        for (int i = 0; i < arguments.size(); i++) {
            if (i > 0) {
                json.append(',');
            }
            JsonText.string(json, arguments.get(i));
        }
        return json.append("]}\n").toString();
    }

    /// The refusal that this is, when it is one.
    static @Nullable Reason reasonOf(Throwable thrown) {
        return thrown instanceof RefusedException refused ? refused.refusal().reason() : null;
    }
}
