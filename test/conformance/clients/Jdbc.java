import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** The recipe of docs/clients.md, run with the variables that a container gets. Prints one JSON line. */
public class Jdbc {
  // recipe: JDBC
  static Connection database() throws SQLException {
    var env = System.getenv();
    var server = "jdbc:postgresql://%s:%s/%s".formatted(env.get("DATABASE_HOST"), env.get("DATABASE_PORT"), env.get("DATABASE_NAME"));
    var properties = new Properties();
    properties.setProperty("user", env.get("DATABASE_USERNAME"));
    properties.setProperty("password", env.get("DATABASE_PASSWORD"));
    properties.setProperty("sslmode", "verify-full");
    properties.setProperty("sslrootcert", env.get("PGSSLROOTCERT"));
    return DriverManager.getConnection(server, properties);
  }
  // recipe end

  public static void main(String[] words) {
    try (var connection = database(); var rows = connection.createStatement().executeQuery("SELECT 1")) {
      rows.next();
      System.out.println(rows.getInt(1));
    } catch (SQLException error) {
      var cause = error.getCause() == null ? "" : ": " + error.getCause().getMessage();
      System.out.println("{\"error\":\"" + (error.getMessage() + cause).replace("\"", "'").replace("\n", " ") + "\"}");
    }
  }
}
