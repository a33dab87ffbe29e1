package acervo.http;

import acervo.model.ClientId;
import com.google.protobuf.Message;

/// One method of `acervo.v1`: how its request is read, and what it does.
///
/// @param prototype an empty request
/// @param blocks whether it must run off the event loop
/// @param work from a request and who sent it to a reply
record Call(String name, Message prototype, boolean blocks, Work work, Meters.Operation operation) {
    /// What a method does. Throws what the depot throws.
    interface Work {
        Message reply(Message request, Who who);
    }

    /// Who called, found out only when a method asks.
    interface Who {
        /// @throws acervo.model.RefusedException UNAUTHENTICATED
        ClientId client();

        boolean isOperator();

        /// Counts a registration.
        ///
        /// @throws acervo.model.RefusedException TOO_MANY
        void registering();
    }
}
