/**
 * What a Dockerfile asks for, as a graph of operations: which stages are needed, what each step does and upon what, and the configuration that the image is to have.
 *
 * <p>In: a {@link dev.carafe.build.dockerfile.Dockerfile}, the arguments of the build, and the configurations of base images. Out:
 * {@link dev.carafe.build.graph.Graph}, with every variable replaced. Nothing is run, read or fetched here.
 *
 * <p>Terms. An <em>origin</em> is where files come from. A <em>step</em> is one instruction of a stage; it has an <em>operation</em> where it makes a layer.
 */
@NullMarked
package dev.carafe.build.graph;

import org.jspecify.annotations.NullMarked;
