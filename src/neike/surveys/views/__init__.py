"""What people see of ratings: the panel of a request, the list of a department, the step of its loop."""
