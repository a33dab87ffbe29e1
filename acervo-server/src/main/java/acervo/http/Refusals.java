package acervo.http;

import acervo.model.Reason;
import acervo.model.RefusedException;

/// The refusals that the front door makes by itself.
final class Refusals {
    private Refusals() {}

    static RefusedException invalid(String what) {
        return new RefusedException(Reason.ARGUMENT_INVALID, what);
    }

    static RefusedException tooMany(String what, Object most) {
        return new RefusedException(Reason.TOO_MANY, what, most);
    }

    static RefusedException tooLarge(String what, Object most) {
        return new RefusedException(Reason.TOO_LARGE, what, most);
    }

    static RefusedException unauthenticated() {
        return new RefusedException(Reason.UNAUTHENTICATED);
    }

    static Trouble.Met noSuchCall(String path) {
        return Trouble.met(404, Trouble.Code.UNIMPLEMENTED, "NO_SUCH_CALL", "there is nothing at " + path);
    }

    static Trouble.Met method(String allowed) {
        return Trouble.met(
                405, Trouble.Code.UNIMPLEMENTED, "METHOD_NOT_ALLOWED", "here only these methods work: " + allowed);
    }

    static Trouble.Met mediaType(String wanted) {
        return Trouble.met(
                415, Trouble.Code.INVALID_ARGUMENT, "MEDIA_TYPE_UNSUPPORTED", "send it as Content-Type: " + wanted);
    }

    static Trouble.Met precondition(String message) {
        return Trouble.met(412, Trouble.Code.FAILED_PRECONDITION, "PRECONDITION_FAILED", message);
    }
}
