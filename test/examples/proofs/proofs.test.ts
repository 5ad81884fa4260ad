// One file, because each file of tests loads every example again.
import './reachability';
import './upgrades';
import './deletion';
import './privileges';
