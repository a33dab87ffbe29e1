/// The synced folder on this machine: watching it, looking through it, reading it and changing it safely.
@NullMarked
package acervo.sync.local;

import org.jspecify.annotations.NullMarked;
