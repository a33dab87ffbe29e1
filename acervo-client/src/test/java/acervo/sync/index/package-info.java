/// Tests of the local index.
@NullMarked
package acervo.sync.index;

import org.jspecify.annotations.NullMarked;
