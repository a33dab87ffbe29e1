/// Tests of the command line: what it reads, prints and ends with.
@NullMarked
package acervo.cli;

import org.jspecify.annotations.NullMarked;
