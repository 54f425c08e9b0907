package zohobox

// A record in review waits for a reviewer, as one that is submitted waits for
// approval: until then it is neither changed nor deleted nor converted (sections
// 4.6 and 6). Which modules have a review process, an administrator says.

func notReviewed(details object) *failure {
	return &failure{code: "NOT_REVIEWED", message: "the record is waiting for its review", details: details}
}

// setReviewProcess switches the review process of a module on or off.
func (b *Box) setReviewProcess(m *module, on bool) {
	if b.reviewed == nil {
		b.reviewed = map[string]bool{}
	}
	b.reviewed[m.name] = on
	b.save("review_process", m.name, on)
}

// startReview lets a record wait that was written by a call which asked for the
// review process, if its module has one.
func (b *Box) startReview(d *draft) {
	if d.c.batch.exec.process["review_process"] && b.reviewed[d.m.name] {
		d.rec.review = true
	}
}

// convertedRecord is what an edit of a converted lead is answered.
func convertedRecord(r *record, path string) *failure {
	return &failure{code: "CONVERTED_RECORD", message: "the record is converted and cannot be edited", details: object{"api_name": "id", "json_path": path + ".id", "id": r.sid()}}
}
