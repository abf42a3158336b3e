//! The one test binary: the program seen from outside.

mod words;
