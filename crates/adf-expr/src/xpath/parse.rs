//! Reads an XPath by the grammar of the recommendation, one method per precedence level or production.

use super::lex::{Token, tokens};
use super::{Axis, Expr, Operator, Start, Step, Test};

/// How deep parentheses, predicates and signs may nest.
const MAX_DEPTH: usize = 64;

/// Operations in a row make a deep tree, so their number is limited too.
const MAX_OPERATIONS: usize = 256;

pub(super) fn parse(path: &str) -> Result<Expr, String> {
    let mut parser = Parser {
        tokens: tokens(path)?,
        at: 0,
        depth: 0,
        operations: 0,
    };
    let expr = parser.expr()?;
    match parser.peek() {
        None => Ok(expr),
        Some(token) => Err(format!("unexpected {}", token.describe())),
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    operations: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn sees(&self, sign: &str) -> bool {
        self.sees_at(0, sign)
    }

    fn sees_at(&self, ahead: usize, sign: &str) -> bool {
        matches!(self.tokens.get(self.at + ahead), Some(Token::Sign(found)) if *found == sign)
    }

    fn eat(&mut self, sign: &str) -> bool {
        let found = self.sees(sign);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &str) -> Result<(), String> {
        if self.eat(sign) {
            return Ok(());
        }
        Err(match self.peek() {
            Some(token) => format!("expected `{sign}`, found {}", token.describe()),
            None => format!("expected `{sign}` at the end"),
        })
    }

    fn expr(&mut self) -> Result<Expr, String> {
        self.level(0)
    }

    fn level(&mut self, level: usize) -> Result<Expr, String> {
        let Some(operators) = Operator::LEVELS.get(level) else {
            return self.unary();
        };
        let mut left = self.level(level + 1)?;
        while let Some(operator) = self.operator(operators) {
            self.count()?;
            let right = self.level(level + 1)?;
            left = Expr::Binary(operator, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn operator(&mut self, operators: &[(&str, Operator)]) -> Option<Operator> {
        let spelling = match self.peek()? {
            Token::Name(name) => name.as_str(),
            Token::Sign(sign) => sign,
            _ => return None,
        };
        let (_, operator) = operators.iter().find(|(known, _)| *known == spelling)?;
        self.at += 1;
        Some(*operator)
    }

    fn count(&mut self) -> Result<(), String> {
        self.operations += 1;
        if self.operations > MAX_OPERATIONS {
            return Err(format!("there are more than {MAX_OPERATIONS} operations"));
        }
        Ok(())
    }

    fn unary(&mut self) -> Result<Expr, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(format!("it is nested deeper than {MAX_DEPTH} levels"));
        }
        let expr = if self.eat("-") {
            Expr::Negated(Box::new(self.unary()?))
        } else {
            self.union()?
        };
        self.depth -= 1;
        Ok(expr)
    }

    fn union(&mut self) -> Result<Expr, String> {
        let mut left = self.path()?;
        while self.eat("|") {
            self.count()?;
            left = Expr::Binary(Operator::Union, Box::new(left), Box::new(self.path()?));
        }
        Ok(left)
    }

    fn path(&mut self) -> Result<Expr, String> {
        if self.eat("/") {
            let steps = if self.starts_step() {
                self.steps(Vec::new())?
            } else {
                Vec::new()
            };
            return Ok(Expr::Path {
                start: Start::Root,
                steps,
            });
        }
        if self.eat("//") {
            let steps = self.steps(vec![descendants()])?;
            return Ok(Expr::Path {
                start: Start::Root,
                steps,
            });
        }
        if !self.starts_primary() {
            let steps = self.steps(Vec::new())?;
            return Ok(Expr::Path {
                start: Start::Context,
                steps,
            });
        }
        let primary = self.primary()?;
        let predicates = self.predicates()?;
        let filtered = if predicates.is_empty() {
            primary
        } else {
            Expr::Filtered(Box::new(primary), predicates)
        };
        let leading = if self.eat("//") {
            vec![descendants()]
        } else if self.eat("/") {
            Vec::new()
        } else {
            return Ok(filtered);
        };
        Ok(Expr::Path {
            start: Start::Expr(Box::new(filtered)),
            steps: self.steps(leading)?,
        })
    }

    fn starts_step(&self) -> bool {
        match self.peek() {
            Some(Token::Name(_)) => true,
            Some(Token::Sign(sign)) => matches!(*sign, "." | ".." | "@" | "*"),
            _ => false,
        }
    }

    fn starts_primary(&self) -> bool {
        match self.peek() {
            Some(Token::Literal(_) | Token::Number(_)) => true,
            Some(Token::Sign(sign)) => *sign == "(",
            Some(Token::Name(name)) => self.sees_at(1, "(") && Test::of_kind(name).is_none(),
            None => false,
        }
    }

    fn primary(&mut self) -> Result<Expr, String> {
        let token = self.peek().cloned();
        self.at += 1;
        match token {
            Some(Token::Literal(text)) => Ok(Expr::Literal(text)),
            Some(Token::Number(number)) => Ok(Expr::Number(number)),
            Some(Token::Name(name)) => {
                self.expect("(")?;
                let mut args = Vec::new();
                if !self.eat(")") {
                    args.push(self.expr()?);
                    while self.eat(",") {
                        args.push(self.expr()?);
                    }
                    self.expect(")")?;
                }
                Ok(Expr::Call(name, args))
            }
            _ => {
                let expr = self.expr()?;
                self.expect(")")?;
                Ok(expr)
            }
        }
    }

    fn predicates(&mut self) -> Result<Vec<Expr>, String> {
        let mut predicates = Vec::new();
        while self.eat("[") {
            predicates.push(self.expr()?);
            self.expect("]")?;
        }
        Ok(predicates)
    }

    fn steps(&mut self, mut steps: Vec<Step>) -> Result<Vec<Step>, String> {
        loop {
            steps.push(self.step()?);
            if self.eat("//") {
                steps.push(descendants());
            } else if !self.eat("/") {
                return Ok(steps);
            }
        }
    }

    fn step(&mut self) -> Result<Step, String> {
        let plain = |axis| Step {
            axis,
            test: Test::Node,
            predicates: Vec::new(),
        };
        if self.eat(".") {
            return Ok(plain(Axis::Itself));
        }
        if self.eat("..") {
            return Ok(plain(Axis::Parent));
        }
        let axis = self.axis()?;
        let test = self.test()?;
        let predicates = self.predicates()?;
        Ok(Step {
            axis,
            test,
            predicates,
        })
    }

    fn axis(&mut self) -> Result<Axis, String> {
        if self.eat("@") {
            return Ok(Axis::Attribute);
        }
        match self.peek() {
            Some(Token::Name(name)) if self.sees_at(1, "::") => {
                let axis = Axis::named(name).ok_or_else(|| format!("there is no axis `{name}`"))?;
                self.at += 2;
                Ok(axis)
            }
            _ => Ok(Axis::Child),
        }
    }

    fn test(&mut self) -> Result<Test, String> {
        if self.eat("*") {
            return Ok(Test::AnyName);
        }
        let name = match self.peek() {
            Some(Token::Name(name)) => name.clone(),
            Some(token) => return Err(format!("expected a step, found {}", token.describe())),
            None => return Err("expected a step at the end".to_owned()),
        };
        self.at += 1;
        if self.sees(":") {
            return Err(format!(
                "the prefix `{name}` cannot be used; compare local-name() and namespace-uri()"
            ));
        }
        if !self.eat("(") {
            return Ok(Test::Name(name));
        }
        let mut test =
            Test::of_kind(&name).ok_or_else(|| format!("there is no node test `{name}()`"))?;
        if let (Test::Instruction(target), Some(Token::Literal(wanted))) = (&mut test, self.peek())
        {
            *target = Some(wanted.clone());
            self.at += 1;
        }
        self.expect(")")?;
        Ok(test)
    }
}

/// `//`
fn descendants() -> Step {
    Step {
        axis: Axis::DescendantOrSelf,
        test: Test::Node,
        predicates: Vec::new(),
    }
}
