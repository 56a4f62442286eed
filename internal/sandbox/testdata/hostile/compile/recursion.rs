// A type that needs a larger one, without end.
struct W<T>(T);
trait Go {
    fn go(self);
}
impl<T> Go for W<T> {
    fn go(self) {
        W(self).go()
    }
}

fn main() {
    W(0).go();
}
