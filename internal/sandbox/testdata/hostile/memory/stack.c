/* Recurses without end, on a stack of whatever size it gets. */
static int down(volatile char *above) {
    volatile char room[4096];
    room[0] = above[0];
    return down(room) + room[1];
}

int main(void) {
    char top[1] = {0};
    return down(top);
}
