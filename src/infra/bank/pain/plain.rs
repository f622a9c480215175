//! Text as banks take it.

/// Text in the Latin characters of SEPA (EPC217-08): accents are dropped, signs replaced, what has no counterpart becomes a dot.
/// Blanks are folded; a slash neither begins nor ends it and never stands twice.
pub fn plain(text: &str, longest: usize) -> String {
    let mut mapped = String::new();
    for c in text.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '?' | ':' | '(' | ')' | '.' | ',' | '\'' | '+' => mapped.push(c),
            '/' if !mapped.ends_with('/') => mapped.push('/'),
            '/' => {}
            c if c.is_whitespace() || c.is_control() => mapped.push(' '),
            c => mapped.push_str(counterpart(c)),
        }
    }
    let folded = mapped.split(' ').filter(|piece| !piece.is_empty()).collect::<Vec<_>>().join(" ");
    let cut: String = folded.trim_matches(['/', ' ']).chars().take(longest).collect();
    cut.trim_matches(['/', ' ']).to_owned()
}

fn counterpart(c: char) -> &'static str {
    match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' => "a",
        'À'..='Å' | 'Ā' | 'Ă' | 'Ą' => "A",
        'æ' => "ae",
        'Æ' => "AE",
        'ç' | 'ć' | 'č' | 'ĉ' | 'ċ' => "c",
        'Ç' | 'Ć' | 'Č' | 'Ĉ' | 'Ċ' => "C",
        'ď' | 'đ' | 'ð' => "d",
        'Ď' | 'Đ' | 'Ð' => "D",
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e",
        'È'..='Ë' | 'Ē' | 'Ė' | 'Ę' | 'Ě' => "E",
        'ğ' | 'ģ' | 'ĝ' | 'ġ' => "g",
        'Ğ' | 'Ģ' | 'Ĝ' | 'Ġ' => "G",
        'ì'..='ï' | 'ī' | 'į' | 'ı' => "i",
        'Ì'..='Ï' | 'Ī' | 'Į' | 'İ' => "I",
        'ĳ' => "ij",
        'Ĳ' => "IJ",
        'ķ' => "k",
        'Ķ' => "K",
        'ł' | 'ľ' | 'ļ' | 'ĺ' => "l",
        'Ł' | 'Ľ' | 'Ļ' | 'Ĺ' => "L",
        'ñ' | 'ń' | 'ň' | 'ņ' => "n",
        'Ñ' | 'Ń' | 'Ň' | 'Ņ' => "N",
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => "o",
        'Ò'..='Ö' | 'Ø' | 'Ō' | 'Ő' => "O",
        'œ' => "oe",
        'Œ' => "OE",
        'ŕ' | 'ř' => "r",
        'Ŕ' | 'Ř' => "R",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'Ś' | 'Š' | 'Ş' | 'Ș' => "S",
        'ß' => "ss",
        'ť' | 'ţ' | 'ț' => "t",
        'Ť' | 'Ţ' | 'Ț' => "T",
        'þ' => "th",
        'Þ' => "TH",
        'ù'..='ü' | 'ū' | 'ů' | 'ű' | 'ų' => "u",
        'Ù'..='Ü' | 'Ū' | 'Ů' | 'Ű' | 'Ų' => "U",
        'ý' | 'ÿ' => "y",
        'Ý' | 'Ÿ' => "Y",
        'ź' | 'ż' | 'ž' => "z",
        'Ź' | 'Ż' | 'Ž' => "Z",
        '€' => "EUR",
        '&' => "+",
        '‘' | '’' | '`' | '´' | '"' | '“' | '”' => "'",
        '_' | '‐'..='―' => "-",
        ';' => ",",
        '@' => "(at)",
        _ => ".",
    }
}
