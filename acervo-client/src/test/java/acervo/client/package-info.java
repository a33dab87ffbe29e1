/// Tests of the client, against a hand-written server that breaks on demand.
@NullMarked
package acervo.client;

import org.jspecify.annotations.NullMarked;
