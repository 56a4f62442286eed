// Templates that need the next one, without end.
template <int N> struct S { enum { value = S<N + 1>::value }; };
int main() { return S<0>::value; }
