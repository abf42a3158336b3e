//! `$filter`, as far as an exporter needs it: `contains`, `startswith`, `IsMemberOfSegment`, `In`, comparisons, `and`,
//! `or`, `not`, brackets.

use std::borrow::Cow;
use std::collections::HashSet;

/// The function that finds one of many values.
const IN: &str = "Microsoft.Dynamics.CRM.In";

/// The most values that it takes.
const VALUES: usize = 500;

/// One column, by its place, or what the asked table calls a column.
pub(in crate::sandbox) type Field = usize;

/// A condition on a row.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Filter {
    Always,
    And(Box<Filter>, Box<Filter>),
    Or(Box<Filter>, Box<Filter>),
    Not(Box<Filter>),
    Contains(Field, String),
    StartsWith(Field, String),
    /// One of these, in small letters: the service's own function looks at no case.
    In(Field, HashSet<String>),
    /// The orderings that satisfy it, and the value; none for `null`, which only equality knows.
    Compare(Field, Test, Option<String>),
    /// A function of one text: its name and the text.
    Call(String, String),
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sandbox) enum Test {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
}

impl Filter {
    /// Reads a filter; `field` finds a column. The error is a sentence in the service's manner.
    pub(in crate::sandbox) fn parse(
        text: &str,
        field: impl Fn(&str) -> Result<Field, String>,
    ) -> Result<Self, String> {
        let mut reader = Reader {
            words: words(text)?,
            at: 0,
            field: &field,
        };
        let filter = reader.any()?;
        match reader.next() {
            None => Ok(filter),
            Some(word) => Err(format!("Syntax error at '{}' in '{text}'.", word.show())),
        }
    }

    /// Whether a row satisfies it. `value` gives a column's text, `None` for null; `call` answers a function.
    pub(in crate::sandbox) fn holds<'a>(
        &self,
        value: &impl Fn(Field) -> Option<Cow<'a, str>>,
        call: &impl Fn(&str, &str) -> bool,
    ) -> bool {
        match self {
            Self::Always => true,
            Self::And(left, right) => left.holds(value, call) && right.holds(value, call),
            Self::Or(left, right) => left.holds(value, call) || right.holds(value, call),
            Self::Not(inner) => !inner.holds(value, call),
            Self::Contains(field, part) => {
                value(*field).is_some_and(|text| text.contains(part.as_str()))
            }
            Self::StartsWith(field, part) => {
                value(*field).is_some_and(|text| text.starts_with(part.as_str()))
            }
            Self::Compare(field, test, wanted) => {
                test.holds(value(*field).as_deref(), wanted.as_deref())
            }
            Self::In(field, values) => {
                value(*field).is_some_and(|text| values.contains(&text.to_lowercase()))
            }
            Self::Call(name, argument) => call(name, argument),
        }
    }

    /// The texts its functions are called with.
    pub(in crate::sandbox) fn calls(&self) -> Vec<(&str, &str)> {
        match self {
            Self::And(left, right) | Self::Or(left, right) => {
                [left.calls(), right.calls()].concat()
            }
            Self::Not(inner) => inner.calls(),
            Self::Call(name, argument) => vec![(name, argument)],
            _ => Vec::new(),
        }
    }
}

impl Test {
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "eq" => Self::Eq,
            "ne" => Self::Ne,
            "gt" => Self::Gt,
            "ge" => Self::Ge,
            "lt" => Self::Lt,
            "le" => Self::Le,
            _ => return None,
        })
    }

    fn holds(self, found: Option<&str>, wanted: Option<&str>) -> bool {
        match (self, found, wanted) {
            (Self::Eq, ..) => found == wanted,
            (Self::Ne, ..) => found != wanted,
            (Self::Gt, Some(found), Some(wanted)) => found > wanted,
            (Self::Ge, Some(found), Some(wanted)) => found >= wanted,
            (Self::Lt, Some(found), Some(wanted)) => found < wanted,
            (Self::Le, Some(found), Some(wanted)) => found <= wanted,
            _ => false,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Word {
    Name(String),
    Text(String),
    Sign(char),
}

impl Word {
    fn show(&self) -> String {
        match self {
            Self::Name(name) => name.clone(),
            Self::Text(text) => format!("'{text}'"),
            Self::Sign(sign) => sign.to_string(),
        }
    }
}

fn words(text: &str) -> Result<Vec<Word>, String> {
    let mut words = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(one) = rest.next() {
        match one {
            ' ' => {}
            '(' | ')' | ',' | '[' | ']' | '=' => words.push(Word::Sign(one)),
            '"' => {
                let mut inner = String::from(one);
                let mut escaped = false;
                for next in rest.by_ref() {
                    inner.push(next);
                    match next {
                        '"' if !escaped => break,
                        _ => escaped = next == '\\' && !escaped,
                    }
                }
                let read = serde_json::from_str(&inner);
                words.push(Word::Text(
                    read.map_err(|why| format!("Invalid JSON. {why}"))?,
                ));
            }
            '\'' => {
                let mut inner = String::new();
                loop {
                    match rest.next() {
                        // Two quotes stand for one.
                        Some('\'') if rest.next_if_eq(&'\'').is_some() => inner.push('\''),
                        Some('\'') => break,
                        Some(other) => inner.push(other),
                        None => {
                            return Err(format!(
                                "There is an unterminated string literal in '{text}'."
                            ));
                        }
                    }
                }
                words.push(Word::Text(inner));
            }
            _ => {
                let mut name = one.to_string();
                while let Some(more) = rest.next_if(|next| !" (),'=[]\"".contains(*next)) {
                    name.push(more);
                }
                words.push(Word::Name(name));
            }
        }
    }
    Ok(words)
}

struct Reader<'a> {
    words: Vec<Word>,
    at: usize,
    field: &'a dyn Fn(&str) -> Result<Field, String>,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<Word> {
        let word = self.words.get(self.at).cloned();
        self.at += 1;
        word
    }

    fn skip(&mut self, word: &str) -> bool {
        let found = matches!(self.words.get(self.at), Some(Word::Name(name)) if name == word);
        self.at += usize::from(found);
        found
    }

    fn sign(&mut self, sign: char) -> Result<(), String> {
        match self.next() {
            Some(Word::Sign(found)) if found == sign => Ok(()),
            other => Err(format!(
                "'{sign}' expected, found '{}'.",
                other.map_or_else(String::new, |word| word.show())
            )),
        }
    }

    fn text(&mut self) -> Result<String, String> {
        match self.next() {
            Some(Word::Text(text)) => Ok(text),
            _ => Err("A string literal was expected.".to_owned()),
        }
    }

    fn any(&mut self) -> Result<Filter, String> {
        let mut left = self.all()?;
        while self.skip("or") {
            left = Filter::Or(Box::new(left), Box::new(self.all()?));
        }
        Ok(left)
    }

    fn all(&mut self) -> Result<Filter, String> {
        let mut left = self.one()?;
        while self.skip("and") {
            left = Filter::And(Box::new(left), Box::new(self.one()?));
        }
        Ok(left)
    }

    fn one(&mut self) -> Result<Filter, String> {
        if self.skip("not") {
            return Ok(Filter::Not(Box::new(self.one()?)));
        }
        let name = match self.next() {
            Some(Word::Sign('(')) => {
                let inner = self.any()?;
                self.sign(')')?;
                return Ok(inner);
            }
            Some(Word::Name(name)) => name,
            _ => return Err("An expression was expected.".to_owned()),
        };
        if self.words.get(self.at) == Some(&Word::Sign('(')) {
            return self.function(name);
        }
        let field = (self.field)(&name)?;
        let comparison = match self.next() {
            Some(Word::Name(word)) => Test::of(&word),
            _ => None,
        };
        let comparison =
            comparison.ok_or_else(|| format!("A comparison was expected after '{name}'."))?;
        let wanted = match self.next() {
            Some(Word::Text(value)) => Some(value),
            Some(Word::Name(word)) if word == "null" => None,
            Some(Word::Name(word)) => Some(word),
            _ => return Err(format!("A value was expected after '{name}'.")),
        };
        Ok(Filter::Compare(field, comparison, wanted))
    }

    /// `PropertyName='x',PropertyValues=['a',"b"])`.
    fn one_of(&mut self) -> Result<Filter, String> {
        self.named("PropertyName")?;
        let column = self.text()?;
        let field = (self.field)(&column)?;
        self.sign(',')?;
        self.named("PropertyValues")?;
        self.sign('[')?;
        let mut values = HashSet::new();
        while let Some(Word::Text(value)) = self.words.get(self.at) {
            values.insert(value.to_lowercase());
            self.at += 1;
            if self.words.get(self.at) == Some(&Word::Sign(',')) {
                self.at += 1;
            }
        }
        self.sign(']')?;
        self.sign(')')?;
        if values.is_empty() {
            return Err("The condition In needs a value.".to_owned());
        }
        // [?] No number is documented for it; this is the most conditions that a query may have.
        if values.len() > VALUES {
            return Err(format!(
                "Number of conditions in query exceeded maximum limit of {VALUES}."
            ));
        }
        Ok(Filter::In(field, values))
    }

    fn named(&mut self, parameter: &str) -> Result<(), String> {
        if !self.skip(parameter) {
            return Err(format!("The parameter {parameter} is missing."));
        }
        self.sign('=')
    }

    fn function(&mut self, name: String) -> Result<Filter, String> {
        self.sign('(')?;
        if name == IN {
            return self.one_of();
        }
        if name != "contains" && name != "startswith" {
            let argument = self.text()?;
            self.sign(')')?;
            return Ok(Filter::Call(name, argument));
        }
        let Some(Word::Name(column)) = self.next() else {
            return Err(format!("A property was expected in '{name}'."));
        };
        let field = (self.field)(&column)?;
        self.sign(',')?;
        let part = self.text()?;
        self.sign(')')?;
        Ok(match name.as_str() {
            "contains" => Filter::Contains(field, part),
            _ => Filter::StartsWith(field, part),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(text: &str, row: &[Option<&str>]) -> bool {
        let names = ["id", "names"];
        let find = |name: &str| {
            let at = names.iter().position(|known| *known == name);
            at.ok_or_else(|| format!("no {name}"))
        };
        let filter = Filter::parse(text, find).expect("a filter");
        filter.holds(&|at| row[at].map(Cow::Borrowed), &|name, argument| {
            (name, argument) == ("IsMemberOfSegment", "O'Brien")
        })
    }

    #[test]
    fn a_filter_is_read_as_it_is_written() {
        let row = [Some("b"), Some(r#"["Gold","O'Brien"]"#)];
        for (text, expected) in [
            (r#"contains(names,'"Gold"')"#, true),
            (r#"contains(names, '\"Gold\"')"#, false),
            (r#"contains(names,'"O''Brien"') and id gt 'a'"#, true),
            ("id gt 'b' or not (id eq 'c')", true),
            ("id ge 'b' and id lt 'c' and startswith(id,'b')", true),
            ("id ne null and names eq null", false),
            ("IsMemberOfSegment('O''Brien')", true),
            (
                r"Microsoft.Dynamics.CRM.In(PropertyName='id',PropertyValues=['a','B'])",
                true,
            ),
            (
                r#"Microsoft.Dynamics.CRM.In(PropertyName='id', PropertyValues=["c'","d\"\\"]) or id eq 'c'"#,
                false,
            ),
        ] {
            assert_eq!(holds(text, &row), expected, "{text}");
        }
    }

    #[test]
    fn a_filter_that_is_none_is_refused() {
        for text in [
            "",
            "id",
            "id eq",
            "(id eq 'a'",
            "id eq 'a",
            "x eq 'a'",
            "id eq 'a' b",
            "Microsoft.Dynamics.CRM.In(PropertyName='id',PropertyValues=[])",
            "Microsoft.Dynamics.CRM.In(PropertyName='x',PropertyValues=['a'])",
            "Microsoft.Dynamics.CRM.In(PropertyValues=['a'])",
            r#"Microsoft.Dynamics.CRM.In(PropertyName='id',PropertyValues=["a])"#,
        ] {
            let find = |name: &str| (name == "id").then_some(0).ok_or_else(String::new);
            assert!(Filter::parse(text, find).is_err(), "{text}");
        }
    }
}
