package fault

import (
	"io"
	"net/http"
)

// droppedMost is how much of a body that is too long is still listened to.
const droppedMost = 1 << 30

// Body reads a call's body, at most so many bytes of it, and tells whether it
// was longer. The rest is read and dropped: of a server that answers and hangs
// up while its client still sends, the client sees a broken connection and not
// the answer.
func Body(r *http.Request, most int64) (raw []byte, tooLong bool, err error) {
	raw, err = io.ReadAll(io.LimitReader(r.Body, most+1))
	if err != nil || int64(len(raw)) <= most {
		return raw, false, err
	}
	_, err = io.Copy(io.Discard, io.LimitReader(r.Body, droppedMost))
	return raw[:most], true, err
}
