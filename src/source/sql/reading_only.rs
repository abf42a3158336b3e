//! Tells whether a text is one query that only reads.
//!
//! Why no parser: `sqlparser` costs 115 CPU-seconds of building and 3 MB, and what one of its dialects does not know an
//! engine may well (`FROM x SELECT y`, ``parquet.`/path` ``). What changes data can be seen without understanding the rest: the
//! word stands where a statement begins. Engines differ in how they quote, so a text is read in every way that there is, and
//! must only read in each of them; a way in which a quote stays open is not the engine's.
//!
//! It keeps mistakes out, not enemies: a function may write, too. What keeps those out is the account that reads.

/// Why a text is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotReading {
    /// There is nothing but comments in it.
    Nothing,
    /// Something follows after the sign that ends the query.
    Several,
    /// It begins with a word that queries do not begin with, or something in it that is no query does.
    Statement(String),
    /// A quote, a comment or a parenthesis is not closed.
    Open,
}

/// Words that queries begin with.
const BEGIN: [&str; 5] = ["SELECT", "WITH", "VALUES", "FROM", "TABLE"];
/// Words that parts which change data begin with.
const CHANGE: [&str; 14] = [
    "INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "UPSERT", "TRUNCATE", "CREATE", "DROP",
    "ALTER", "COPY", "CALL", "GRANT", "REVOKE",
];
/// What makes a query write what it finds.
const INTO: [&str; 3] = ["INTO", "OUTFILE", "DUMPFILE"];

/// What engines disagree about.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "one for each way of quoting")]
struct Quoting {
    /// A backslash in a text takes the next character's meaning.
    backslash: bool,
    /// Comments may stand in comments.
    nested: bool,
    /// `$tag$` opens a text.
    dollar: bool,
    /// `#` opens a comment.
    hash: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    /// A quoted name or a text.
    Quoted,
    Sign(char),
}

/// Checks a text; tells why it is not taken.
pub(super) fn check(text: &str) -> Result<(), NotReading> {
    let mut read = false;
    for bits in 0..16_u8 {
        let is = |bit: u8| bits & bit != 0;
        let quoting = Quoting {
            backslash: is(1),
            nested: is(2),
            dollar: is(4),
            hash: is(8),
        };
        if let Some(tokens) = tokens(text, quoting) {
            only_reads(&tokens)?;
            read = true;
        }
    }
    if read { Ok(()) } else { Err(NotReading::Open) }
}

fn only_reads(tokens: &[Token]) -> Result<(), NotReading> {
    let end = tokens.iter().rposition(|token| *token != Token::Sign(';'));
    let tokens = &tokens[..end.map_or(0, |last| last + 1)];
    if tokens.contains(&Token::Sign(';')) {
        return Err(NotReading::Several);
    }
    let first = tokens.iter().find(|token| **token != Token::Sign('('));
    match first {
        None => return Err(NotReading::Nothing),
        Some(Token::Word(word)) if BEGIN.contains(&word.as_str()) => {}
        Some(Token::Word(word)) => return Err(NotReading::Statement(word.clone())),
        Some(_) => return Err(NotReading::Statement(String::new())),
    }
    let mut before: Option<&Token> = None;
    for (at, token) in tokens.iter().enumerate() {
        if let Token::Word(word) = token {
            let begins = matches!(before, None | Some(Token::Sign('(' | ')')));
            // `replace(name, 'a', 'b')` is a function and `count(update)` a column; a statement goes on with a word.
            let goes_on = matches!(tokens.get(at + 1), Some(Token::Word(_) | Token::Quoted));
            // `a.into` is a column.
            let writes = INTO.contains(&word.as_str()) && before != Some(&Token::Sign('.'));
            if writes || begins && goes_on && CHANGE.contains(&word.as_str()) {
                return Err(NotReading::Statement(word.clone()));
            }
        }
        before = Some(token);
    }
    Ok(())
}

/// Splits a text; `None` where something stays open, read this way.
fn tokens(text: &str, quoting: Quoting) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        rest = match c {
            '-' if after.starts_with('-') => behind_line(after),
            '#' if quoting.hash => behind_line(after),
            '/' if after.starts_with('*') => behind_comment(rest, quoting.nested)?,
            '\'' | '"' | '`' => {
                tokens.push(Token::Quoted);
                behind_quote(after, c, quoting.backslash)?
            }
            '$' if quoting.dollar && dollar(rest).is_some() => {
                let tag = dollar(rest)?;
                tokens.push(Token::Quoted);
                let inner = &rest[tag.len()..];
                &inner[inner.find(tag)? + tag.len()..]
            }
            c if c.is_alphabetic() || c == '_' => {
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$');
                let (word, behind) = rest.split_at(end.unwrap_or(rest.len()));
                tokens.push(Token::Word(word.to_uppercase()));
                behind
            }
            c if c.is_whitespace() => after,
            c => {
                tokens.push(Token::Sign(c));
                after
            }
        };
    }
    Some(tokens)
}

fn behind_line(text: &str) -> &str {
    text.find(['\n', '\r']).map_or("", |end| &text[end..])
}

/// Passes over a comment that the text begins with.
fn behind_comment(text: &str, nested: bool) -> Option<&str> {
    let (mut rest, mut depth) = (text.strip_prefix("/*")?, 1);
    while depth > 0 {
        let close = rest.find("*/")?;
        let open = rest.find("/*").filter(|open| nested && *open < close);
        (rest, depth) = match open {
            Some(open) => (&rest[open + 2..], depth + 1),
            None => (&rest[close + 2..], depth - 1),
        };
    }
    Some(rest)
}

/// Passes over a text behind the quote that opened it. A doubled quote closes it and opens the next one, which comes to the
/// same.
fn behind_quote(text: &str, quote: char, backslash: bool) -> Option<&str> {
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '\\' if backslash && quote != '`' => {
                characters.next();
            }
            c if c == quote => return Some(&text[at + 1..]),
            _ => {}
        }
    }
    None
}

/// Finds the `$tag$` that a text begins with.
fn dollar(text: &str) -> Option<&str> {
    let end = text[1..].find('$')? + 2;
    let tag = &text[1..end - 1];
    let is_tag = tag.chars().all(|c| c.is_alphanumeric() || c == '_');
    let is_number = tag.starts_with(|c: char| c.is_ascii_digit());
    (is_tag && !is_number).then(|| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::{NotReading, check};

    #[test]
    fn queries_of_many_engines_are_taken() {
        for text in [
            "select id, email from people",
            "-- Gold\nselect id from p; -- end\n",
            "(select 1 union select 2) order by 1;",
            "with g as (select * from p) select * from g",
            "select id from parquet.`/data/delete from it`",
            "from 'x.parquet' select id",
            "values (1, 'a@b.example')",
            "select replace(name, 'a', 'b'), count(update), insert('a', 1, 1, 'b') from p",
            "select \"into\", p.into, [update] from p",
            "select 'it''s; delete from p' from p",
            "select 'C:\\' as folder from p",
            "select 'it\\'s' from p",
            "select $$it's; delete from p$$ from p",
            "select /* ; delete from p */ 1",
            "select /* a /* b */ c */ 1",
            "select a #> '{b}' from p",
            "select 1 where a in (select b from c) -- update",
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn what_changes_data_is_refused_wherever_it_stands() {
        for (text, word) in [
            ("delete from p", "DELETE"),
            (
                "with x as (delete from p returning *) select * from x",
                "DELETE",
            ),
            ("with x as (select 1) delete from p", "DELETE"),
            (
                "WITH x AS MATERIALIZED (\n-- so\nUpdate p SET a = 1) SELECT 1",
                "UPDATE",
            ),
            (
                "with x as (/**/insert into p values (1)) select 1",
                "INSERT",
            ),
            ("select * into q from p", "INTO"),
            ("select * from p into outfile '/tmp/x'", "INTO"),
            ("create table q as select 1", "CREATE"),
            ("copy (select 1) to '/tmp/x'", "COPY"),
            ("explain select 1", "EXPLAIN"),
            ("set x = 1", "SET"),
            ("(delete from p)", "DELETE"),
            // Hidden by how another engine quotes.
            (
                "with x as (select '\\'), y as (delete from p returning '\\') select 1",
                "DELETE",
            ),
            ("select 1 /* /* */ , * into q from p -- */", "INTO"),
        ] {
            let refused = Err(NotReading::Statement(word.to_owned()));
            assert_eq!(check(text), refused, "{text}");
        }
    }

    #[test]
    fn one_query_is_taken_and_not_two_or_none() {
        assert_eq!(check("select 1; select 2"), Err(NotReading::Several));
        assert_eq!(check("select 1;; delete from p"), Err(NotReading::Several));
        assert_eq!(
            check("select '\\'; drop table p; --'"),
            Err(NotReading::Several)
        );
        assert_eq!(check(" -- nothing\n;"), Err(NotReading::Nothing));
        assert_eq!(check("select 'a"), Err(NotReading::Open));
        assert_eq!(check("select /* a"), Err(NotReading::Open));
    }
}
