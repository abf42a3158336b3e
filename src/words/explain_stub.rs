use super::{Explain, Explanation, Words};
use crate::export::{Error, Guard, Undecided, Warning};
macro_rules! stub {
    ($t:ty) => {
        impl Explain for $t {
            fn explain(&self, _w: &Words) -> Explanation {
                Explanation {
                    what: format!("{self:?}"),
                    why: String::new(),
                    next: vec![],
                }
            }
        }
    };
}
stub!(Error);
stub!(Guard);
stub!(Undecided);
impl Words {
    /// stub
    pub fn warning(&self, w: &Warning) -> String {
        format!("{w:?}")
    }
}
