//! Arguments → front end → exit code. Decides nothing else.

fn main() {}
