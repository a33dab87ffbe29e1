package acervo.http;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;

/// JSON, in and out.
final class Json {
    private static final JsonFormat.Printer PRINTER =
            JsonFormat.printer().alwaysPrintFieldsWithNoPresence().omittingInsignificantWhitespace();
    private static final JsonFormat.Parser PARSER = JsonFormat.parser();

    private Json() {}

    /// Every field, also those at their default, so that a script finds each name in each answer; 64-bit numbers
    /// are strings,
    /// as protobuf's JSON has them.
    static String print(Message message) {
        try {
            return PRINTER.print(message);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a message without Any can always be printed", e);
        }
    }

    static void merge(String json, Message.Builder into) throws InvalidProtocolBufferException {
        PARSER.merge(json, into);
    }
}
