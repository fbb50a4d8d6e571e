package dev.carafe.docker;

import java.io.IOException;

/** What is done for a route. */
interface Operation {
    /** @throws IOException when the client has gone */
    void answer(Call call) throws IOException;
}
