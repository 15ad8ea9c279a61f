import sys, time, random, tempfile, httpx, psutil
from pathlib import Path
from tests.drills.processes import served, Poet, open_survey
def main():
    home=Path(tempfile.mkdtemp())
    url=f"sqlite:///{home/'poet.sqlite'}"
    from tests.drills import processes
    from app.storage import schema
    from app.storage.database import Database
    from app.use_cases import accounts
    database=Database(url); schema.migrate(database)
    with database.writing() as s: accounts.add_account(s, processes.ACCOUNT)
    database.dispose()
    poet=Poet(url, home/"home", workers=2)
    t=time.time(); poet.start(); print("start", time.time()-t)
    print(poet.workers())
    for _ in range(5):
        cs=[httpx.Client(base_url=poet.address, verify=False) for _ in range(50)]
        for c in cs: c.get("/livez")
        print([sum(1 for c in w.net_connections() if c.status=="ESTABLISHED" and c.laddr.port==poet.port) for w in poet.workers()])
        for c in cs: c.close()
        time.sleep(.3)
    t=time.time(); poet.kill_one(random.Random(1)); print("kill_one", time.time()-t)
    t=time.time(); poet.kill(); print("kill", time.time()-t)
    t=time.time(); poet.start(); print("start", time.time()-t)
    t=time.time(); print(poet.stop()); print("stop", time.time()-t)
    print(poet.log.read_text())
    poet.start(); poet.process.kill(); poet.process.join(); time.sleep(1)
    print("after the parent's kill:", httpx.get(poet.address+"/livez"))
if __name__=="__main__": main()
