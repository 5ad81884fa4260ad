# The recipe of docs/clients.md, run with the variables that a container gets: a job is pushed, and a worker of Sidekiq performs it.
require "json"
require "tempfile"

# recipe: Sidekiq
require "sidekiq"

REDIS = {
  url: ENV["REDIS_URL"], # of a store with TLS it is rediss://, which verifies the certificate and the name
  username: ENV["REDIS_USERNAME"],
  password: ENV["REDIS_PASSWORD"],
}.compact

Sidekiq.configure_server { |config| config.redis = REDIS }
Sidekiq.configure_client { |config| config.redis = REDIS }
# recipe end

class Add
  include Sidekiq::Worker
  sidekiq_options retry: false

  def perform(file, a, b)
    File.write(file, a + b)
  end
end

# Sidekiq's own program loads this file.
return unless $PROGRAM_NAME == __FILE__

def perform
  answer = Tempfile.new("answer")
  Add.perform_async(answer.path, 2, 3)
  worker = spawn("sidekiq", "-q", "default", "-c", "1", "-r", File.expand_path(__FILE__), out: File::NULL, err: File::NULL)
  100.times do
    sleep 0.2
    break if File.size(answer.path) > 0
  end
  Process.kill("KILL", worker)
  Process.wait(worker)
  Integer(File.read(answer.path))
end

begin
  puts JSON.generate(perform)
rescue StandardError => error
  puts JSON.generate({ error: "#{error.class}: #{error.message}" })
end
