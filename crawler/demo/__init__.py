"""A fictional government news portal that changes between crawls, served on loopback, with the truth about its changes.

Everything it shows is a pure function of a seed: `editions.Editions(seed)` says what each edition holds and which changes
an archive must report between two of them, `server.DemoServer` serves it over HTTP/1.1, and `onrecord demo` crawls it and
compares. Nothing outside this package and its tests imports it.
"""
