import { pythonUnitTests } from './python-unit-tests';

/** The app's own tests, with the packages that its image has. */
export const FLASK_UNIT_TESTS = pythonUnitTests('the Flask app', { container: 'flask-app', folder: 'examples/flask-nginx/flask' });
