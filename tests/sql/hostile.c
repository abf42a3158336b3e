/* A driver that does to its caller what HOSTILE says: it aborts, hangs, floods, lies about what it gives. Otherwise it gives
 * 300 people in three batches. Built with adbc.h of the package adbc-driver-manager. */
#include <arrow-adbc/adbc.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROWS = 100, BATCHES = 3 };

static int is(const char *mode) {
    const char *told = getenv("HOSTILE");
    return told && strcmp(told, mode) == 0;
}

static void hang(void) {
    for (;;) sleep(1000);
}

static void flood(FILE *out) {
    char line[1024];
    memset(line, 'R', sizeof line);
    line[sizeof line - 1] = '\n';
    for (int i = 0; i < 64 * 1024; i++) fwrite(line, 1, sizeof line, out);
    fflush(out);
}

/* What keeps the pipe open beyond its parent's end. */
static void leave_someone(void) {
    if (fork() == 0) {
        alarm(60);
        hang();
    }
}

static AdbcStatusCode fails(struct AdbcError *error, const char *message) {
    error->message = message ? strdup(message) : NULL;
    error->release = NULL;
    return ADBC_STATUS_INTERNAL;
}

/* ---- what is given ---- */

struct Rows { int sent; };

static void schema_done(struct ArrowSchema *schema) {
    for (int64_t i = 0; i < schema->n_children; i++) free(schema->children[i]);
    free(schema->children);
    schema->release = NULL;
}

static void column(struct ArrowSchema *schema, const char *name, const char *format) {
    memset(schema, 0, sizeof *schema);
    schema->format = format;
    schema->name = name;
    schema->flags = ARROW_FLAG_NULLABLE;
    schema->release = schema_done;
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *schema) {
    (void)stream;
    if (is("no schema")) return EIO;
    column(schema, "", is("an unknown format") ? "+nonsense" : "+s");
    schema->flags = 0;
    schema->n_children = 2;
    schema->children = calloc(2, sizeof *schema->children);
    for (int i = 0; i < 2; i++) schema->children[i] = calloc(1, sizeof **schema->children);
    column(schema->children[0], "id", "u");
    column(schema->children[1], "email", is("another kind of column") ? "l" : "u");
    return 0;
}

static void array_done(struct ArrowArray *array) {
    for (int64_t i = 0; i < array->n_buffers; i++) free((void *)array->buffers[i]);
    free(array->buffers);
    for (int64_t i = 0; i < array->n_children; i++) free(array->children[i]);
    free(array->children);
    array->release = NULL;
}

static void texts(struct ArrowArray *array, int from, const char *pattern, size_t width) {
    memset(array, 0, sizeof *array);
    array->length = ROWS;
    array->n_buffers = 3;
    array->buffers = calloc(3, sizeof *array->buffers);
    array->release = array_done;
    int32_t *ends = calloc(ROWS + 1, sizeof *ends);
    char *all = calloc(ROWS, width), *at = all;
    for (int i = 0; i < ROWS; i++) {
        at += snprintf(at, width, pattern, from + i);
        if (width > 1000) {
            memset(at, 'x', width - 100);
            at += width - 100;
        }
        ends[i + 1] = (int32_t)(at - all);
    }
    if (is("no text")) all[2] = (char)0xff;
    if (is("ends that go back")) ends[5] = -7;
    if (is("ends beyond all")) ends[ROWS] = 1 << 30;
    array->buffers[1] = ends;
    array->buffers[2] = all;
    if (is("more rows than there are")) array->length = 1 << 28;
    if (is("fewer parts")) array->n_buffers = 1;
    if (is("no parts")) array->buffers[1] = array->buffers[2] = NULL;
    if (is("a negative length")) array->length = -1;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *array) {
    struct Rows *rows = stream->private_data;
    memset(array, 0, sizeof *array);
    if (rows->sent == 1) {
        if (is("aborts amid its rows")) abort();
        if (is("ends the process as if all were well")) exit(0);
        if (is("ends the process at once")) _exit(0);
        if (is("hangs amid its rows") || is("hangs, and cannot be cancelled")) hang();
        if (is("fails without a word")) return EIO;
        if (is("leaves someone and aborts")) {
            leave_someone();
            abort();
        }
        if (is("leaves someone by the shell and aborts")) {
            if (system("sleep 60 &")) abort();
            abort();
        }
        if (is("writes to what it finds open"))
            for (int file = 3; file < 64; file++)
                if (write(file, "RRRRRRRRRR", 10) < 0) continue;
    }
    if (rows->sent >= BATCHES && !is("never ends")) return 0;
    array->length = ROWS;
    array->n_buffers = 1;
    array->buffers = calloc(1, sizeof *array->buffers);
    array->n_children = 2;
    array->children = calloc(2, sizeof *array->children);
    array->release = array_done;
    for (int i = 0; i < 2; i++) array->children[i] = calloc(1, sizeof **array->children);
    texts(array->children[0], rows->sent * ROWS, "p%06d", 16);
    texts(array->children[1], rows->sent * ROWS, "p%d@example.com", is("a batch of a gigabyte") ? 10 << 20 : is("large values") ? 1 << 20 : 40);
    if (is("fewer columns")) array->n_children = 1;
    if (is("shorter columns")) array->children[1]->length = 3;
    if (is("more rows than there are")) array->length = 1 << 28;
    rows->sent++;
    return 0;
}

static const char *last_error(struct ArrowArrayStream *stream) {
    (void)stream;
    return NULL;
}

static void stream_done(struct ArrowArrayStream *stream) {
    free(stream->private_data);
    stream->release = NULL;
}

static AdbcStatusCode execute(struct AdbcStatement *statement, struct ArrowArrayStream *out, int64_t *affected, struct AdbcError *error) {
    (void)statement;
    if (affected) *affected = -1;
    if (is("aborts at the query")) abort();
    if (is("hangs at the query")) hang();
    if (is("fails at the query without a word")) return fails(error, NULL);
    if (is("tells its secret")) return fails(error, "no: password=hemlig4711");
    if (is("tells what is no text")) return fails(error, "no: \xff\xfe");
    if (is("prints a flood")) {
        flood(stdout);
        flood(stderr);
    }
    if (!out) return ADBC_STATUS_OK;
    memset(out, 0, sizeof *out);
    if (is("gives nothing at all")) return ADBC_STATUS_OK;
    out->get_schema = get_schema;
    out->get_next = get_next;
    out->get_last_error = last_error;
    out->release = stream_done;
    out->private_data = calloc(1, sizeof(struct Rows));
    return ADBC_STATUS_OK;
}

/* ---- the rest of a driver ---- */

static AdbcStatusCode database_ok(struct AdbcDatabase *d, struct AdbcError *e) { (void)d; (void)e; return ADBC_STATUS_OK; }
static AdbcStatusCode database_set(struct AdbcDatabase *d, const char *k, const char *v, struct AdbcError *e) {
    (void)d; (void)k; (void)v; (void)e;
    return ADBC_STATUS_OK;
}
static AdbcStatusCode connection_ok(struct AdbcConnection *c, struct AdbcError *e) { (void)c; (void)e; return ADBC_STATUS_OK; }
static AdbcStatusCode connection_set(struct AdbcConnection *c, const char *k, const char *v, struct AdbcError *e) {
    (void)c; (void)k; (void)v; (void)e;
    return ADBC_STATUS_NOT_IMPLEMENTED;
}
static AdbcStatusCode connection_init(struct AdbcConnection *c, struct AdbcDatabase *d, struct AdbcError *e) {
    (void)c; (void)d; (void)e;
    if (is("aborts at the connection")) abort();
    if (is("hangs at the connection")) hang();
    return ADBC_STATUS_OK;
}
static AdbcStatusCode statement_new(struct AdbcConnection *c, struct AdbcStatement *s, struct AdbcError *e) { (void)c; (void)s; (void)e; return ADBC_STATUS_OK; }
static AdbcStatusCode statement_ok(struct AdbcStatement *s, struct AdbcError *e) { (void)s; (void)e; return ADBC_STATUS_OK; }
static AdbcStatusCode statement_set(struct AdbcStatement *s, const char *k, const char *v, struct AdbcError *e) {
    (void)s; (void)k; (void)v; (void)e;
    return ADBC_STATUS_NOT_IMPLEMENTED;
}
static AdbcStatusCode statement_query(struct AdbcStatement *s, const char *q, struct AdbcError *e) { (void)s; (void)q; (void)e; return ADBC_STATUS_OK; }
static AdbcStatusCode statement_cancel(struct AdbcStatement *s, struct AdbcError *e) {
    (void)s; (void)e;
    if (is("hangs, and cannot be cancelled")) hang();
    return ADBC_STATUS_OK;
}
static AdbcStatusCode driver_done(struct AdbcDriver *d, struct AdbcError *e) {
    (void)d; (void)e;
    if (is("aborts at the end")) abort();
    if (is("hangs at the end")) hang();
    return ADBC_STATUS_OK;
}

AdbcStatusCode AdbcDriverInit(int version, void *raw, struct AdbcError *error) {
    (void)error;
    if (is("aborts as it is loaded")) abort();
    if (is("hangs as it is loaded")) hang();
    if (is("is of another version")) return ADBC_STATUS_NOT_IMPLEMENTED;
    struct AdbcDriver *driver = raw;
    memset(driver, 0, version == ADBC_VERSION_1_1_0 ? sizeof *driver : ADBC_DRIVER_1_0_0_SIZE);
    driver->release = driver_done;
    driver->DatabaseNew = database_ok;
    driver->DatabaseInit = database_ok;
    driver->DatabaseSetOption = database_set;
    driver->DatabaseRelease = database_ok;
    driver->ConnectionNew = connection_ok;
    driver->ConnectionInit = connection_init;
    driver->ConnectionSetOption = connection_set;
    driver->ConnectionRelease = connection_ok;
    driver->StatementNew = statement_new;
    driver->StatementRelease = statement_ok;
    driver->StatementSetOption = statement_set;
    driver->StatementSetSqlQuery = statement_query;
    driver->StatementExecuteQuery = execute;
    if (version == ADBC_VERSION_1_1_0) driver->StatementCancel = statement_cancel;
    return ADBC_STATUS_OK;
}
