@NullMarked
package acervo.sync.remote;

import org.jspecify.annotations.NullMarked;
