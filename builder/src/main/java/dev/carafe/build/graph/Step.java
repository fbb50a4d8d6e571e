package dev.carafe.build.graph;

import dev.carafe.build.dockerfile.Line;
import java.util.Optional;

/**
 * One instruction of a stage.
 *
 * @param line where it stands
 * @param title the instruction as it is shown, variables not replaced
 * @param history what the image's history says of it
 * @param operation what makes its layer; absent: it changes the configuration alone
 */
public record Step(Line line, String title, String history, Optional<Operation> operation) {
}
